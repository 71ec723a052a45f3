namespace Pipeline.Tools.Assets.Shares;

/// <summary>Turns what a caller names into what is fetched: <see cref="ShareLink.Resolve"/>.</summary>
public delegate Uri ShareResolver(Uri address);
