namespace Pipeline.Agents.ModelClients;

/// <summary>How far a model may go in one conversation.</summary>
public sealed record FunctionCallingOptions
{
    /// <value>Answers of the model, 12 by default; on the last it gets no tools.</value>
    public int MaxTurns { get; init; } = 12;

    /// <value>Tokens in and out after which no further turn begins: 400,000.</value>
    public long MaxTokens { get; init; } = 400_000;

    /// <value>The longest result that is handed to the model: 20,000 characters.</value>
    public int MaxResultCharacters { get; init; } = 20_000;
}

/// <summary>A conversation reached its limit before it had an answer.</summary>
public sealed class SpendLimitReached(long used, long limit) : Exception($"The conversation used {used} tokens; {limit} are allowed.")
{
    public long Used { get; } = used;
}
