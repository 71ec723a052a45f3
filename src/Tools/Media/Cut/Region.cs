using System.Globalization;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Probe;

namespace Pipeline.Tools.Media.Cut;

/// <summary>A rectangle of the picture as it is shown, in pixels from its upper left corner.</summary>
public sealed record Region(int X, int Y, int Width, int Height)
{
    /// <summary>Checks that it lies within a picture.</summary>
    /// <exception cref="InvalidMediaOptionError">It does not.</exception>
    public void Check(StreamFacts? picture)
    {
        if (picture?.Width is not { } width || picture.Height is not { } height)
        {
            throw new InvalidMediaOptionError("region", "the media has no picture.");
        }

        if (X < 0 || Y < 0 || Width < 1 || Height < 1 || X > width - Width || Y > height - Height)
        {
            throw new InvalidMediaOptionError("region", $"it must lie within the picture of {width} x {height} pixels.");
        }
    }

    /// <summary>The filter that keeps only the region, to the pixel also where colour is stored at half the size.</summary>
    internal string Filter => string.Create(CultureInfo.InvariantCulture, $"format=yuv444p,crop={Width}:{Height}:{X}:{Y}:exact=1");
}
