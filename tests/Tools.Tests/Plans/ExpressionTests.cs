using System.Text.Json.Nodes;
using Pipeline.Tools.Plans.Expressions;

namespace Pipeline.Tools.Tests.Plans;

public sealed class ExpressionTests
{
    private sealed class Fixed : IScope
    {
        private static readonly JsonNode Roots = JsonNode.Parse("""
            {"inputs": {"n": 3, "s": "abc", "list": [1, 5, 2], "a-b": 7, "none": null, "hits": [{"t": 1}, {"t": 2}, {}]},
             "item": {"start_seconds": 1.5}, "steps": {"my-step": {"state": "succeeded", "metrics": {"sharpness": 0.25}, "outputs": {"asset": "w/a@2"}}}}
            """)!;

        public JsonNode? Root(string name) => Roots[name];

        public JsonNode? Step(string id) => Roots["steps"]![id];
    }

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("-inputs.n - -1", "-2")]
    [InlineData("steps.my-step.metrics.sharpness < 0.5", "true")]
    [InlineData("steps.my-step.state == 'succeeded' && !false", "true")]
    [InlineData("inputs.nope.deeper == null", "true")]
    [InlineData("inputs.nope < 1 || inputs.nope >= 1", "false")]
    [InlineData("inputs.nope + 1", "null")]
    [InlineData("inputs.list[1]", "5")]
    [InlineData("inputs.list[9]", "null")]
    [InlineData("inputs['a-b']", "7")]
    [InlineData("inputs.a-b", "7")]
    [InlineData("inputs.hits[*].t", "[1,2,null]")]
    [InlineData("length(inputs.list) + length(inputs.s) + length(null)", "6")]
    [InlineData("max(inputs.list)", "5")]
    [InlineData("min(4, inputs.n, null)", "3")]
    [InlineData("contains(inputs.list, 5) && contains('abc', 'bc')", "true")]
    [InlineData("coalesce(null, inputs.none, 'x')", "\"x\"")]
    [InlineData("coalesce_each(inputs.hits[*].t, inputs.list)", "[1,2,2]")]
    [InlineData("item.start_seconds * 2", "3")]
    [InlineData("'a' < 'b'", "true")]
    [InlineData("1 == '1'", "false")]
    public void Values(string source, string json) =>
        Assert.Equal(json, Expression.Parse(source).Value(new Fixed())?.ToJsonString() ?? "null");

    [Theory]
    [InlineData("", 0)]
    [InlineData("1 +", 3)]
    [InlineData("(1", 2)]
    [InlineData("a b", 2)]
    [InlineData("inputs.", 7)]
    [InlineData("inputs.list[x]", 12)]
    [InlineData("'abc", 0)]
    [InlineData("1 = 2", 2)]
    [InlineData("shell('rm')", 0)]
    [InlineData("length()", 0)]
    [InlineData("${1", 3)]
    [InlineData("${1} 2", 3)]
    public void What_cannot_be_read_is_refused_with_its_place(string source, int position) =>
        Assert.Equal(position, Assert.Throws<ExpressionError>(() => Expression.Parse(source)).Position);

    [Theory]
    [InlineData("1 < 'a'")]
    [InlineData("1 / 0")]
    [InlineData("'a' + 'b'")]
    [InlineData("length(3)")]
    public void What_makes_no_sense_is_an_error(string source) =>
        Assert.Throws<ExpressionError>(() => Expression.Parse(source).Value(new Fixed()));

    [Fact]
    public void A_condition_is_true_false_or_null()
    {
        Assert.False(Expression.Parse("inputs.nope").Holds(new Fixed()));
        Assert.Throws<ExpressionError>(() => Expression.Parse("inputs.n").Holds(new Fixed()));
    }

    [Theory]
    [InlineData("((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!true")]
    public void Depth_is_bounded(string source) => Assert.Throws<ExpressionError>(() => Expression.Parse(source));

    [Fact]
    public void Size_is_bounded()
    {
        Assert.Throws<ExpressionError>(() => Expression.Parse(string.Join("+", Enumerable.Repeat("1", 400))));
        Assert.Throws<ExpressionError>(() => Expression.Parse(new string(' ', 3_000) + "1"));
    }

    [Theory]
    [InlineData("${inputs.list}", "[1,5,2]")]
    [InlineData("w/${steps.my-step.state}/${inputs.n}-${inputs.nope}.mp4", "\"w/succeeded/3-.mp4\"")]
    [InlineData("$${inputs.n}", "\"${inputs.n}\"")]
    [InlineData("${'}'}!", "\"}!\"")]
    [InlineData("plain", "\"plain\"")]
    public void Texts_with_expressions(string text, string json) =>
        Assert.Equal(json, Template.Parse(text).Value(new Fixed())?.ToJsonString());

    [Fact]
    public void Filling_reaches_every_depth_and_changes_nothing_given()
    {
        var given = JsonNode.Parse("""{"a": [{"b": "${inputs.n}"}], "c": 1}""")!;

        var filled = Template.Fill(given, new Fixed())!;

        Assert.Equal("""{"a":[{"b":3}],"c":1}""", filled.ToJsonString());
        Assert.Contains("inputs.n", given.ToJsonString(), StringComparison.Ordinal);
    }
}
