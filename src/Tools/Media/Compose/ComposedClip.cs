using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Compose;

/// <summary>A placement whose bytes are ready: its input, where it goes, how long it is, and whether it sounds.</summary>
/// <param name="Frames">Its length in frames of the film, so that pictures and sound end together.</param>
internal sealed record ComposedClip(FfmpegInput Input, double StartSeconds, int Frames, bool Sounds);

/// <summary>A sound whose bytes are ready.</summary>
internal sealed record ComposedSound(FfmpegInput Input, double StartSeconds, double GainDb, double Seconds);
