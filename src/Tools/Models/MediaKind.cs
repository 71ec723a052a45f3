namespace Pipeline.Tools.Models;

/// <summary>What a model takes in and gives out.</summary>
public enum MediaKind
{
    Text,
    Image,
    Video,
    Audio,
}
