namespace Pipeline.Tools.Assets;

/// <summary>Lets versions go whose time has come. Declared here for the cleaning; runs do it for their intermediates.</summary>
internal interface IExpiry
{
    /// <summary>Returns how many went.</summary>
    Task<long> ExpireAsync(CancellationToken cancellation);
}
