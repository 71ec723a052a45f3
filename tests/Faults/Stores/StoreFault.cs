using System.Net;

namespace Pipeline.Faults.Stores;

/// <summary>What goes wrong with one request on its way to the store or back.</summary>
/// <param name="Status">Answered in the store's place; null to pass the request on.</param>
/// <param name="CutAfterBytes">The connection breaks after so many bytes of the answer's body; null for none.</param>
/// <param name="Delay">Before anything else.</param>
/// <param name="DropAnswer">The store does what is asked, and the answer is lost.</param>
public sealed record StoreFault(HttpStatusCode? Status = null, long? CutAfterBytes = null, TimeSpan Delay = default, bool DropAnswer = false);
