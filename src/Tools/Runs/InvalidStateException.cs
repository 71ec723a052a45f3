using Pipeline.Tools.Models;

namespace Pipeline.Tools.Runs;

/// <summary>Something that cannot be done in the state in which the run or the step is.</summary>
public sealed class InvalidStateException(string message, string state)
    : RefusalException("invalid_state", message, new { state });
