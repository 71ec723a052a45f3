using System.Net;
using System.Text;
using System.Text.Json;
using Pipeline.Faults;
using Pipeline.Index.Embeddings;

namespace Pipeline.Index.Tests.Embeddings;

public sealed class OpenAiEmbeddingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Vectors_come_in_the_order_of_the_texts(bool base64)
    {
        object Vector(float a, float b) => base64 ? Convert.ToBase64String([.. BitConverter.GetBytes(a), .. BitConverter.GetBytes(b)]) : new[] { a, b };
        await using var server = new Endpoint(200, JsonSerializer.Serialize(new
        {
            @object = "list",
            model = "m",
            data = new[] { new { @object = "embedding", index = 1, embedding = Vector(0, 2) }, new { @object = "embedding", index = 0, embedding = Vector(1, 0) } },
            usage = new { prompt_tokens = 1, total_tokens = 1 },
        }));
        using var generator = EmbeddingGenerators.Create(new EmbeddingOptions { Model = "m", Endpoint = server.Address, ApiKey = "secret" });

        var answer = await generator.GenerateAsync(["x", "y"]);

        Assert.Equal([1f, 0], answer[0].Vector.ToArray());
        Assert.Equal([0f, 2], answer[1].Vector.ToArray());
        Assert.Equal(("/v1/embeddings", "Bearer secret"), server.Asked);
    }

    [Fact]
    public async Task A_refusal_is_told_without_the_key()
    {
        await using var server = new Endpoint(401, "{}");
        using var generator = EmbeddingGenerators.Create(new EmbeddingOptions { Model = "m", Endpoint = server.Address, ApiKey = "secret" });

        var failed = await Assert.ThrowsAsync<EmbeddingFailedException>(() => generator.GenerateAsync(["x"]));

        Assert.Equal(("m", "the endpoint answered 401"), (failed.Model, failed.Reason));
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }

    /// <summary>An HTTP endpoint on loopback that always gives the same answer.</summary>
    private sealed class Endpoint : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _loop;

        public Endpoint(int status, string body)
        {
            Address = new Uri($"http://127.0.0.1:{FreePort.Next()}/v1");
            _listener.Prefixes.Add(Address.GetLeftPart(UriPartial.Authority) + "/");
            _listener.Start();
            _loop = AnswerAsync(status, body);
        }

        public Uri Address { get; }

        public (string Path, string Authorization) Asked { get; private set; }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _loop;
        }

        private async Task AnswerAsync(int status, string body)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    Asked = (context.Request.Url!.AbsolutePath, context.Request.Headers["Authorization"] ?? "");
                    context.Response.StatusCode = status;
                    context.Response.ContentType = "application/json";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                    context.Response.Close();
                }
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
