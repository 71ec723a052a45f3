namespace Pipeline.Tools.Models;

/// <summary>Tells which providers the operator has set up; a later slice knows them.</summary>
public interface IProviderRoll
{
    /// <summary>Their names, as cards write them.</summary>
    IReadOnlyCollection<string> Providers { get; }
}
