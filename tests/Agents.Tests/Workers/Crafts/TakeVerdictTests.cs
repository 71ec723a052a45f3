using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Pipeline.Agents.ModelClients;
using Pipeline.Agents.Tests.ModelClients;
using Pipeline.Agents.Workers.Crafts;
using static Pipeline.Agents.Tests.ModelClients.ScriptedChatClient;

namespace Pipeline.Agents.Tests.Workers.Crafts;

public sealed class TakeVerdictTests
{
    private static readonly DataContent Sheet = new(new byte[] { 1, 2, 3 }, "image/jpeg");

    [Fact]
    public void A_black_or_frozen_take_scores_next_to_nothing_and_a_sharp_moving_one_most()
    {
        var good = Score("""{"sharpness": 0.12, "cleanness": 0.9, "motion": 0.01, "black_share": 0, "freeze_share": 0}""");
        var soft = Score("""{"sharpness": 0.03, "cleanness": 0.9, "motion": 0.01, "black_share": 0, "freeze_share": 0}""");
        var still = Score("""{"sharpness": 0.12, "cleanness": 0.9, "motion": 0, "black_share": 0, "freeze_share": 0.8}""");

        Assert.True(good > soft && good > still && still > 0.35, $"{good} {soft} {still}");
        Assert.Equal(0.05, Score("""{"sharpness": 0.5, "cleanness": 1, "black_share": 0.95}"""));
        Assert.Equal(0.05, Score("""{"sharpness": 0.5, "cleanness": 1, "freeze_share": 1}"""));
        Assert.Equal(0.05, Score("""{"loudness_lufs": -70}"""));
        Assert.Equal(1, Score("""{"loudness_lufs": -20, "silence_share": 0}"""));
        Assert.Null(Score("{}"));
    }

    [Fact]
    public void The_highest_score_wins_and_the_verdict_says_by_what()
    {
        var verdict = TakeVerdict.Measured([Take("a@1", 0.4), Take("b@1", 0.7)]);

        Assert.Equal(("b@1", true, "measured"), (verdict.Winner, verdict.Accepted, verdict.Method));
        Assert.Contains("wins by 0.3", verdict.Reasons[^1], StringComparison.Ordinal);
        Assert.Equal("a@1", TakeVerdict.Measured([Take("a@1", 0.5), Take("b@1", 0.5)]).Winner);
    }

    [Fact]
    public async Task A_model_that_looks_may_choose_otherwise_and_may_want_another_take()
    {
        using var looks = new ScriptedChatClient(Says("""{"winner": 1, "accepted": false, "reasons": ["no sea"], "retake_prompt": "with the sea"}"""));

        var verdict = await LookAsync(looks, Take("a@1", 0.4), Take("b@1", 0.7));

        Assert.Equal(("a@1", false, "measured and eye", "with the sea"), (verdict.Winner, verdict.Accepted, verdict.Method, verdict.RetakePrompt));
        Assert.Contains("eye: no sea", verdict.Reasons);
        Assert.Single(looks.Asked[0].Messages[0].Contents.OfType<DataContent>());
        Assert.Contains("<data ", looks.Asked[0].Messages[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hm", "gave no verdict that can be read")]
    [InlineData("""{"winner": 3, "accepted": true}""", "gave no verdict that can be read")]
    [InlineData("""{"winner": 1, "accepted": true, "reasons": []}""", "black or frozen")]
    public async Task A_model_that_is_wrong_leaves_the_measured_winner(string said, string remark)
    {
        using var looks = new ScriptedChatClient(Says(said));

        var verdict = await LookAsync(looks, Take("a@1", 0.05), Take("b@1", 0.7));

        Assert.Equal(("b@1", true), (verdict.Winner, verdict.Accepted));
        Assert.Contains(verdict.Reasons, reason => reason.Contains(remark, StringComparison.Ordinal));
    }

    private static Task<TakeVerdict> LookAsync(IChatClient model, params Take[] takes) =>
        new TakeCritic(new ChatModel("eye", model)).LookAsync(takes, TakeVerdict.Measured(takes), "the sea", Sheet, [], CancellationToken.None);

    private static Take Take(string asset, double score) => new(asset, null, score, []);

    private static double? Score(string metrics) => TakeScore.Of((JsonObject)JsonNode.Parse(metrics)!);
}
