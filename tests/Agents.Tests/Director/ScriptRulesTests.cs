using Pipeline.Agents.Director;

namespace Pipeline.Agents.Tests.Director;

public sealed class ScriptRulesTests
{
    [Fact]
    public void Each_clause_is_a_shot_with_its_words_camera_and_light()
    {
        var script = ScriptRules.Write("Make a 30 second trailer about the coast: a wide shot of the lighthouse at night, the market, and then the storm close-up");

        Assert.Equal(["coast", "wide shot lighthouse night", "market", "storm close-up"], script.Shots.Select(shot => shot.Query));
        Assert.Equal(("wide", "night"), (script.Shots[1].Camera, script.Shots[1].Lighting));
        Assert.Equal(("close-up", "as filmed"), (script.Shots[3].Camera, script.Shots[3].Lighting));
        Assert.Equal((30, 7.5), (script.TargetSeconds, script.Shots[0].Seconds));
        Assert.Equal("rules", script.Method);
    }

    [Theory]
    [InlineData("a 2 minute film of birds", 120.0)]
    [InlineData("15s of birds", 15.0)]
    [InlineData("the 3 birds", null)]
    public void The_length_is_read_from_the_brief(string brief, double? seconds) => Assert.Equal(seconds, ScriptRules.Write(brief).TargetSeconds);

    [Fact]
    public void A_brief_without_content_words_is_taken_as_it_is()
    {
        var script = ScriptRules.Write("everything");

        Assert.Equal("everything", Assert.Single(script.Shots).Query);
    }

    [Fact]
    public void A_question_is_never_longer_than_the_index_takes() =>
        Assert.Equal(1_000, ScriptRules.Write(string.Join(' ', Enumerable.Range(0, 900).Select(i => $"word{i}"))).Query().Length);
}
