using Pipeline.Tools.Media.Compose;

namespace Pipeline.Tools.Media;

/// <summary>What lies on the timeline. Times are seconds.</summary>
/// <param name="Video">Clips; each follows the one before unless it says where it stands.</param>
/// <param name="Audio">Sounds, laid over whatever else sounds.</param>
/// <param name="Captions">Lines of text.</param>
public sealed record ComposeTracks(IReadOnlyList<VideoClip> Video, IReadOnlyList<SoundClip>? Audio = null, IReadOnlyList<Caption>? Captions = null);

/// <summary>A stretch of an asset's pictures, with its sound unless muted.</summary>
/// <param name="AtSeconds">Place on the timeline; behind the clip before if left out.</param>
/// <param name="StartSeconds">First moment of the asset.</param>
/// <param name="EndSeconds">Last moment of the asset.</param>
public sealed record VideoClip(string Asset, double? AtSeconds = null, double StartSeconds = 0, double? EndSeconds = null, bool Mute = false);

/// <summary>A stretch of an asset's sound.</summary>
/// <param name="AtSeconds">Place on the timeline.</param>
/// <param name="StartSeconds">First moment of the asset.</param>
/// <param name="EndSeconds">Last moment of the asset.</param>
public sealed record SoundClip(string Asset, double AtSeconds = 0, double StartSeconds = 0, double? EndSeconds = null, double GainDb = 0);
