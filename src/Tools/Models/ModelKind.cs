namespace Pipeline.Tools.Models;

/// <summary>Where a model runs: on this machine (free) or behind a provider's HTTP interface.</summary>
public enum ModelKind
{
    Local,
    Http,
}
