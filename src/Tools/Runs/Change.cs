namespace Pipeline.Tools.Runs;

/// <summary>Something to store, in the same transaction as every other change of the same event.</summary>
public abstract record Change;

/// <summary>A step's new row; <paramref name="Before"/> is null when it is a new one.</summary>
public sealed record StepChanged(StepSnapshot Step, StepSnapshot? Before) : Change;

/// <summary>The run's new state.</summary>
public sealed record RunChanged(RunState State, RunState Before) : Change;
