using System.Globalization;
using System.Text;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Demo;

/// <summary>What the demo's own footage shows and says. The shipped one is <c>sample.json</c>.</summary>
/// <param name="Title">Of the whole.</param>
/// <param name="Brief">What the demo asks for when nobody says otherwise.</param>
/// <param name="SceneSeconds">How long each scene lasts.</param>
/// <param name="Voice">Of flite.</param>
public sealed record SampleScript(
    string Title, string Brief, int Width, int Height, int FramesPerSecond, double SceneSeconds, string Voice, IReadOnlyList<SampleScene> Scenes)
{
    private const string Resource = "sample.json";
    private const string FilmResource = "film.txt";

    /// <summary>The script that ships with the program.</summary>
    public static SampleScript Shipped() => Wire.Read<SampleScript>(Read(Resource));

    /// <summary>The brief of a film that is generated: three shots, each with a line.</summary>
    public static string FilmBrief() => Read(FilmResource).Trim();

    private static string Read(string resource)
    {
        using var text = new StreamReader(typeof(SampleScript).Assembly.GetManifestResourceStream(resource) ?? throw new FileNotFoundException($"{resource} is not in the program.", resource));
        return text.ReadToEnd();
    }

    /// <summary>Every spoken line with its place in the whole.</summary>
    public IEnumerable<SampleLine> Lines() =>
        Scenes.SelectMany((scene, at) => scene.Says.Select(line => line with { StartSeconds = (at * SceneSeconds) + line.StartSeconds, EndSeconds = (at * SceneSeconds) + line.EndSeconds }));

    /// <summary>The transcript of what is said.</summary>
    public string WebVtt()
    {
        var text = new StringBuilder("WEBVTT\n");
        foreach (var line in Lines())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Clock(line.StartSeconds)} --> {Clock(line.EndSeconds)}\n{line.Text}\n");
        }

        return text.ToString();
    }

    private static string Clock(double seconds) => TimeSpan.FromSeconds(seconds).ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
}

/// <summary>One scene.</summary>
/// <param name="Title">Written into the picture where there is a font.</param>
/// <param name="Picture">A picture generator of ffmpeg with its options; size and rate are added.</param>
/// <param name="PictureScale">The generator works at this share of the size and is enlarged.</param>
/// <param name="Finish">Filters over it.</param>
/// <param name="Flaw">Filters that spoil it, last of all.</param>
/// <param name="HumHertz">The soft tone under it.</param>
public sealed record SampleScene(string Title, string Picture, double? PictureScale, string? Finish, string? Flaw, int HumHertz, IReadOnlyList<SampleLine> Says);

/// <summary>A spoken line.</summary>
public sealed record SampleLine(double StartSeconds, double EndSeconds, string Text);
