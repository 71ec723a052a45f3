using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Tools.Generation.Vendors;

namespace Pipeline.Tools.Tests.Generation.Vendors;

public sealed class ProvidersFileTests
{
    [Fact]
    public void Every_shipped_dialect_can_be_read()
    {
        Assert.Equal(Vendor.All.Order(StringComparer.Ordinal), OperatorProviders.Dialects);
        foreach (var name in OperatorProviders.Dialects)
        {
            var dialect = OperatorProviders.DialectOf(Read($$"""{"providers": [{"name": "a", "dialect": "{{name}}", "base_url": "https://a.example.com"}]}""").Entries[0]);
            Assert.Equal(name, dialect.Name);
            Assert.True(dialect.Submit.Answer != AnswerKind.Job || dialect.Poll is not null);
            Assert.DoesNotContain(dialect.Errors.Rules, rule => rule.Unbilled); // none documents it
        }
    }

    [Theory]
    [InlineData("""{"providers": [{"name": "a", "dialect": "plain-rest", "base_url": "https://a.example.com", "api_key": "sk"}]}""", "api_key")]
    [InlineData("""{"providers": [], "keys": {}}""", "keys")]
    [InlineData("""{"providers": [{"name": "a", "dialect": "plain-rest", "base_url": "https://a.example.com", "overrides": {"submit": {"paht": "/x"}}}]}""", "paht")]
    [InlineData("""{"providers": [{"name": "a", "dialect": "plain-rest", "base_url": "https://a.example.com", "overrides": {"poll": {"report": {"states": {"ok": "finished"}}}}}]}""", "states")]
    [InlineData("""{"providers": [{"name": "a", "dialect": "smoke-signals", "base_url": "https://a.example.com"}]}""", "smoke-signals")]
    [InlineData("""{"providers": [{"name": "a", "dialect": "plain-rest"}]}""", "base_url")]
    [InlineData("""{"providers": [{"name": "a", "dialect": "plain-rest", "base_url": "ftp://a.example.com"}]}""", "base_url")]
    [InlineData("""{"providers": [{"name": "a", "dialect": "plain-rest", "base_url": "https://me:pw@a.example.com"}]}""", "credentials")]
    [InlineData("""{"providers": [{"name": "a b", "dialect": "plain-rest", "base_url": "https://a.example.com"}]}""", "a b")]
    [InlineData("""{"providers": [{"name": "local", "command": {"run": ["/bin/true"]}}]}""", "local")]
    [InlineData("""{"providers": [{"name": "a"}]}""", "either")]
    [InlineData("""{"providers": [{"name": "a", "command": {"run": ["/bin/true"]}, "key_env": "K"}]}""", "key_env")]
    [InlineData("""{"providers": [{"name": "a", "command": {"run": ["/bin/true"]}}, {"name": "a", "command": {"run": ["/bin/true"]}}]}""", "Two")]
    [InlineData("""{"providers": ["a"]}""", "providers")]
    [InlineData("""{""", "cannot be read")]
    public void What_does_not_fit_is_refused_by_name(string file, string named)
    {
        var refused = Assert.Throws<InvalidProvidersError>(() => Read(file));
        Assert.Equal("invalid_providers", refused.Code);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("me:pw", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_must_be_there_and_the_usual_one_need_not()
    {
        Assert.Empty(OperatorProviders.Load(null, "/nowhere/providers.json").Entries);
        Assert.Throws<InvalidProvidersError>(() => OperatorProviders.Load("/nowhere/providers.json", "unused"));
    }

    [Fact]
    public void An_entry_changes_its_dialect_where_it_says_so()
    {
        var entry = Read("""{"public_url": "https://p.example.com", "providers": [{"name": "a", "dialect": "replicate-predictions", "base_url": "https://a.example.com", "overrides": {"submit": {"body": {"webhook": null, "input": {"fps": 24}}, "timeout_seconds": 9}, "cancel": null}}]}""").Entries[0];
        var dialect = OperatorProviders.DialectOf(entry);
        Assert.Null(dialect.Cancel);
        Assert.Equal(9, dialect.Submit.TimeoutSeconds);
        Assert.False(dialect.Submit.Body!.ContainsKey("webhook"));
        Assert.Equal((24, "{prompt}"), ((int)dialect.Submit.Body["input"]!["fps"]!, (string)dialect.Submit.Body["input"]!["prompt"]!));
    }

    [Fact]
    public void A_template_takes_values_as_they_are_and_leaves_out_what_has_none()
    {
        var values = new JsonObject { ["seed"] = 7, ["w"] = 640, ["extra"] = true };
        var template = new CallTemplate(name => name == "all" ? values : name.StartsWith("parameter.", StringComparison.Ordinal) ? values[name["parameter.".Length..]] : null);
        var filled = template.Fill(JsonNode.Parse("""{"n": 1, "seed": "{parameter.seed}", "text": "{parameter.seed:text}", "size": "{parameter.w}x{parameter.h}", "deep": {"none": "{nothing}"}, "list": ["{parameter.w}", "{nothing}"], "*": "{all}"}""")!.AsObject());
        Assert.Equal("""{"n":1,"seed":7,"text":"7","list":[640],"extra":true}""", filled.ToJsonString());
        Assert.Equal("a%2Fb", new CallTemplate(_ => "a/b").Text("{x}", Uri.EscapeDataString));
    }

    [Fact]
    public void Pointers_find_what_is_there()
    {
        var document = JsonNode.Parse("""{"a": [{"u": "1"}, {"u": 2}, {}], "b/c": "x", "n": null}""");
        Assert.Equal(["1", "2"], Pointers.All(document, "/a/*/u").Select(Pointers.AsText));
        Assert.Equal("x", Pointers.Text(document, "/nothing", "/b~1c"));
        Assert.Null(Pointers.Text(document, "/n", "/a", "/a/9/u"));
        Assert.Equal(2m, Pointers.Number(document, "/a/1/u"));
    }

    private static OperatorProviders Read(string json) => OperatorProviders.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
