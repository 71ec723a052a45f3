namespace Pipeline.Reliability.Estimates;

/// <summary>A model of the vendor: what it costs is fixed, how long it takes is spread around the median that its card says.</summary>
/// <param name="Door">By which of the vendor's addresses it is had.</param>
/// <param name="Output">video, image or audio.</param>
/// <param name="Seconds">At the median.</param>
internal sealed record PricedModel(string Id, string Dialect, string Door, string Output, double Seconds, long PriceMicros)
{
    /// <summary>What the vendor calls it, which tells the vendor what to make.</summary>
    public string VendorName => $"studio/{Output}-{Id}";

    public string Capability => "generate_" + Output;

    /// <summary>How files of its kind end.</summary>
    public string Ending => Output switch { "image" => ".png", "audio" => ".mp3", _ => ".mp4" };
}
