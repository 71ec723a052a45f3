using System.Text;
using Pipeline.McpServer.Demo;
using Pipeline.Tools.Webhooks;

namespace Pipeline.McpServer.Tests.Demo;

public sealed class WebhookSignatureCheckTests
{
    private const string Body = """{"type":"delivery.ready"}""";
    private const string Sent = "1700000000";

    private static readonly string Secret = WebhookSecret.Make();
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_010);
    private static readonly string Signature = WebhookSignature.Sign(Secret, "msg_1", 1_700_000_000, Body);

    [Fact]
    public void What_the_server_signs_holds() => Assert.Null(Check());

    [Fact]
    public void One_of_several_signatures_is_enough() => Assert.Null(Check(signature: "v1,AAAA v2,zzz " + Signature));

    [Fact]
    public void Anything_that_was_changed_is_refused()
    {
        Assert.NotNull(Check(id: "msg_2"));
        Assert.NotNull(Check(sent: "1700000001"));
        Assert.NotNull(Check(body: Body + " "));
        Assert.NotNull(Check(secret: WebhookSecret.Make()));
        Assert.NotNull(Check(signature: "v1,not base64"));
        Assert.NotNull(Check(signature: null));
        Assert.NotNull(Check(sent: "soon"));
    }

    [Fact]
    public void An_old_one_is_refused_though_its_signature_holds() => Assert.NotNull(Check(now: Now.AddMinutes(6)));

    private static string? Check(string? secret = null, string? id = "msg_1", string? sent = Sent, string? signature = "", string body = Body, DateTimeOffset? now = null) =>
        WebhookSignatureCheck.Refuse(secret ?? Secret, id, sent, signature is "" ? Signature : signature, Encoding.UTF8.GetBytes(body), now ?? Now);
}
