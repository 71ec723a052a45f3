using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>generate_text</c>: by the language model that this worker has; without one the step is passed over. Text is never invented.</summary>
/// <param name="model">Null when none is configured.</param>
public sealed class WriteTextCraft(ChatModel? model) : ICraft
{
    /// <summary>Why a step is passed over when nothing here can write.</summary>
    public const string NoWriter = "no_writer";

    private const int UsualTokens = 2_000;
    private const int MostTokens = 16_000;

    public IReadOnlyList<string> Capabilities { get; } = ["generate_text"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        if (model is null) return StepReport.Skip(NoWriter);
        var output = work.Need("output");
        var held = await work.LockAsync(output, ct).ConfigureAwait(false);
        await using (held.ConfigureAwait(false))
        {
            var most = (int)Math.Clamp(work.Inputs.Number("max_output_tokens") ?? UsualTokens, 1, MostTokens);
            var agent = new ChatAgent("writer", "You write what a step of a film production asks for, and nothing around it.\n" + Quoted.Rule, new ChatKernel(model.Client, []));
            var written = await agent.AskAsync([new ChatMessage(ChatRole.User, work.Need("prompt"))], new ChatOptions { MaxOutputTokens = most }, ct).ConfigureAwait(false);
            if (written.Length == 0) throw new CraftFailed("no_result", $"{model.Name} wrote nothing.", retryable: true);
            var put = await work.WriteAsync("put_asset", new { asset = output, text = written, media_type = "text/plain" }, held, "put", ct).ConfigureAwait(false);
            return new StepReport(new JsonObject { ["asset"] = StepWork.Pinned(put) }, []) { Route = new RoutedModel(model.Name, null, null, null) };
        }
    }
}
