using Pipeline.Agents.Director;

namespace Pipeline.Agents.Tests.Director;

public sealed class ScreenplayRulesTests
{
    private const string Brief = """
        A 12 second film in three shots.
        Characters: Mara, a keeper in a yellow coat
        Places: the lighthouse, a white tower
        Shot 1: a wide shot of the lighthouse at dusk, waves below. Mara says: "The storm comes tonight."
        Shot 2: a close-up of Mara at night as she lights the lamp.
        Shot 3: an aerial of the lighthouse at dawn. Narrator: "In the morning the sea was still."
        """;

    [Fact]
    public void Announced_shots_have_camera_light_words_sound_and_who_is_seen()
    {
        var script = ScreenplayRules.Write(Brief);

        Assert.Equal(3, script.Shots.Count);
        Assert.Equal([("Mara", "character", "a keeper in a yellow coat"), ("lighthouse", "place", "a white tower")], script.Subjects.Select(one => (one.Name, one.Kind, one.Looks)));
        Assert.Equal(["wide", "close-up", "aerial"], script.Shots.Select(shot => shot.Camera));
        Assert.Equal(["dusk", "night", "dawn"], script.Shots.Select(shot => shot.Lighting));
        Assert.Equal(["The storm comes tonight.", null, "In the morning the sea was still."], script.Shots.Select(shot => shot.Dialogue));
        Assert.Equal("a wide shot of the lighthouse at dusk, waves below", script.Shots[0].Description);
        Assert.Equal("a close-up of Mara at night as she lights the lamp", script.Shots[1].Description);
        Assert.Equal(["lighthouse", "Mara"], script.Shots[2].Shows.Concat(script.Shots[1].Shows));
        Assert.Equal("waves", script.Shots[0].Sound);
        Assert.All(script.Shots, shot => Assert.Equal(4, shot.Seconds));
    }

    [Fact]
    public void Sentences_are_shots_and_a_full_stop_inside_a_line_ends_none()
    {
        var script = ScreenplayRules.Write("A boat leaves the harbour and a sailor says \"We go. Now.\" The sea is calm!");

        Assert.Equal(["A boat leaves the harbour and a sailor", "The sea is calm"], script.Shots.Select(shot => shot.Description.Replace(" says", "", StringComparison.Ordinal)));
        Assert.Equal("We go. Now.", script.Shots[0].Dialogue);
    }

    [Fact]
    public void A_shot_lasts_as_long_as_its_line_takes_to_say()
    {
        var script = ScreenplayRules.Write("A man stands. He says \"" + string.Join(' ', Enumerable.Repeat("word", 14)) + "\"");

        Assert.InRange(script.Shots[^1].Seconds!.Value, 7, 8);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("A film of the sea at night")]
    public void A_brief_of_one_piece_is_one_shot(string brief) => Assert.Equal(brief, Assert.Single(ScreenplayRules.Write(brief).Shots).Description);
}
