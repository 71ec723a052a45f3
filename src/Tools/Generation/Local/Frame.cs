using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Generation.Local;

/// <summary>Size, length and seed of what is to be made, from a call's parameters: numbers only, nothing of the caller's text.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="DurationSeconds">Length of moving or sounding things.</param>
/// <param name="Seed">Chosen by the caller, or 0.</param>
internal sealed record Frame(int Width, int Height, double DurationSeconds, long Seed)
{
    public const int FramesPerSecond = 30;

    /// <summary>Whole frames of the length: it is exact to half of one.</summary>
    public int Frames => Math.Max(1, (int)Math.Round(DurationSeconds * FramesPerSecond));

    public string Size => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");

    /// <summary>The pixel format that this size can have, best understood first.</summary>
    public string Pixels => Width % 2 == 0 && Height % 2 == 0 ? "yuv420p" : "yuv444p";

    /// <exception cref="InvalidArgumentError">A number is out of range.</exception>
    public static Frame Of(ProviderCall call)
    {
        var demand = Demand.From(call.Capability, call.Parameters);
        var (width, height) = call.Parameters["aspect"] is JsonValue aspect && call.Parameters["width"] is null && aspect.GetValueKind() == System.Text.Json.JsonValueKind.String
            ? Fit(aspect.GetValue<string>(), demand) : (demand.Width, demand.Height);
        return new(
            Within("width", width, 16, 8192), Within("height", height, 16, 8192), demand.DurationSeconds is >= 0.1 and <= 3600 and var seconds ? seconds
                : throw new InvalidArgumentError("duration_seconds", "duration_seconds is 0.1 to 3600."),
            call.Parameters["seed"] is JsonValue seed && seed.GetValueKind() == System.Text.Json.JsonValueKind.Number && long.TryParse(seed.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var chosen) ? chosen : 0);
    }

    private static (int Width, int Height) Fit(string aspect, Demand demand)
    {
        var sides = aspect.Split(':');
        return sides.Length == 2 && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out var wide) && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            && wide is > 0 and <= 100 && high is > 0 and <= 100
            ? wide >= high ? (Even(demand.Height * wide / high), demand.Height) : (demand.Height, Even(demand.Height * high / wide))
            : throw new InvalidArgumentError("aspect", "aspect is such as 16:9.");
    }

    private static int Even(int edge) => edge + (edge % 2);

    private static int Within(string name, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new InvalidArgumentError(name, $"{name} is {least} to {most}.");
}
