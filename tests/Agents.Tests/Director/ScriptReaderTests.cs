using System.Text.Json.Nodes;
using Pipeline.Agents.Director;

namespace Pipeline.Agents.Tests.Director;

public sealed class ScriptReaderTests
{
    [Fact]
    public void A_whole_script_is_read()
    {
        var script = Read("""{"subjects": [{"name": "Mara", "kind": "character", "looks": "yellow coat"}], "shots": [{"description": "Mara waits", "camera": "wide", "lighting": "dusk", "seconds": 3, "dialogue": "Soon.", "sound": "wind", "shows": ["Mara"]}]}""", out var problems);

        Assert.Empty(problems);
        Assert.Equal(("Mara waits", "Soon.", "wind", 3.0), (script!.Shots[0].Description, script.Shots[0].Dialogue, script.Shots[0].Sound, script.TargetSeconds));
    }

    [Theory]
    [InlineData("""{"shots": []}""", "1 to 12 shots")]
    [InlineData("""{"shots": [{"description": "x", "seconds": 90}]}""", "seconds is a number from 2 to 12")]
    [InlineData("""{"shots": [{"description": "", "seconds": 4}]}""", "description")]
    [InlineData("""{"shots": [{"description": "x", "seconds": 4, "shows": ["Tom"]}]}""", "shows 'Tom', which is no subject")]
    [InlineData("""{"subjects": [{"name": "A b", "kind": "place"}, {"name": "a-b", "kind": "place"}], "shots": [{"description": "x", "seconds": 4}]}""", "same name")]
    [InlineData("""{"subjects": [{"name": "X", "kind": "weapon"}], "shots": [{"description": "x", "seconds": 4}]}""", "kind that is character or place")]
    public void What_is_wrong_is_said(string answer, string problem)
    {
        Assert.Null(Read(answer, out var problems));
        Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    private static ShotList? Read(string answer, out IReadOnlyList<string> problems) => ScriptReader.Read((JsonObject)JsonNode.Parse(answer)!, "brief", "scripted", out problems);
}
