using Pipeline.Tools.Media.Compose;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Frames;

namespace Pipeline.Tools.Media.Recipes;

/// <summary>A line or two of text on the picture for a while.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="StartSeconds">From when.</param>
/// <param name="EndSeconds">Until when; null: to the end.</param>
/// <param name="Position"><c>top</c>, <c>centre</c> or <c>bottom</c>.</param>
/// <param name="SizePercent">The letters' height as a share of the picture's.</param>
public sealed record TitleRecipe(string Text, double StartSeconds = 0, double? EndSeconds = null, string Position = "bottom", double SizePercent = 8) : Recipe
{
    private const string Shown = "title.txt";

    internal override IReadOnlyList<string> Needs => ["drawtext"];

    internal override void Check()
    {
        Captions.CheckText(Text);
        Range("start_seconds", StartSeconds, 0, 86400);
        Range("size_percent", SizePercent, 2, 40);
        if (Position is not ("top" or "centre" or "bottom"))
        {
            throw new InvalidMediaOptionError("position", "it must be top, centre or bottom.");
        }
    }

    internal override async Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation)
    {
        var end = EndSeconds ?? work.Facts.DurationSeconds ?? 0;
        MediaRange.Check(StartSeconds, end, work.Facts.DurationSeconds ?? 0);
        var font = Fonts.Find() ?? throw new NotSupportedByMediaError("font", "No font was found to draw with. Install one (Debian: apt-get install fonts-dejavu-core).");
        await File.WriteAllTextAsync(work.Job.File(Shown), Captions.Plain(Text), cancellation).ConfigureAwait(false);
        var size = Math.Max(8, (int)((work.Facts.Video()!.Height ?? 240) * SizePercent / 100));
        var y = Position switch { "top" => "h*0.06", "centre" => "(h-th)/2", _ => "h-th-h*0.06" };
        return new RecipeFilters(Filter(
            $"drawtext=fontfile={font}:textfile={Shown}:expansion=none:fontsize={size}:fontcolor=white:box=1:boxcolor=black@0.5:boxborderw={size / 3}:x=(w-tw)/2:y={y}:enable='between(t\\,{StartSeconds}\\,{end})'"));
    }
}
