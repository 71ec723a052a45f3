namespace Pipeline.Agents.Workers;

/// <summary>How a worker does the steps of some capabilities: it takes a step's inputs, calls the tool, and says what came of it.</summary>
public interface ICraft
{
    /// <summary>The capabilities that it does.</summary>
    IReadOnlyList<string> Capabilities { get; }

    /// <summary>Does one step.</summary>
    /// <exception cref="Connecting.ToolRefused">The server refused; the step fails with the same code.</exception>
    /// <exception cref="CraftFailed">It cannot be done.</exception>
    Task<StepReport> DoAsync(StepWork work, CancellationToken ct);
}
