using System.Globalization;
using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Recipes;

/// <summary>
/// One way to transform media. Options are numbers and choices, each with a range; text only ever reaches ffmpeg through a file in the
/// job's folder. A recipe says which filters it needs and which numbers tell how well it did.
/// </summary>
public abstract record Recipe
{
    private protected Recipe()
    {
    }

    /// <summary>The numbers measured before and after.</summary>
    internal virtual IReadOnlyCollection<MediaCheck> Measures => [];

    /// <summary>Filters that must be built in.</summary>
    internal virtual IReadOnlyList<string> Needs => [];

    /// <summary>True when there must be pictures; false when there must be sound.</summary>
    internal virtual bool OnPictures => true;

    /// <summary>Refuses options that are out of range.</summary>
    internal abstract void Check();

    /// <summary>The filters, after whatever first pass or file they need.</summary>
    internal abstract Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation);

    private protected static void Range(string option, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            throw new InvalidMediaOptionError(option, string.Create(CultureInfo.InvariantCulture, $"it must be {least} to {most}."));
        }
    }

    private protected static string Filter(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a recipe adds to the command: a picture chain, a sound chain, and how pictures are encoded.</summary>
internal sealed record RecipeFilters(string? Picture = null, string? Sound = null, int Crf = 18, FfmpegInput? Extra = null, string? Graph = null);

/// <summary>What a recipe may look at and use while it prepares.</summary>
internal sealed record RecipeWork(Ffmpeg Ffmpeg, WorkFolder Job, FfmpegInput Input, MediaFacts Facts);
