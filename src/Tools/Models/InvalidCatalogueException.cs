namespace Pipeline.Tools.Models;

/// <summary>A catalogue file that cannot be used; the message names the model and the field.</summary>
public sealed class InvalidCatalogueException(string message, object? facts = null) : RefusalException("invalid_catalogue", message, facts);
