namespace Pipeline.Reliability.Webhooks;

/// <summary>What a receiver does with a request.</summary>
public enum ReceiverFault
{
    /// <summary>Answers 204.</summary>
    None,

    /// <summary>Answers 500.</summary>
    Error,

    /// <summary>Answers 502.</summary>
    Gateway,

    /// <summary>Answers 429 and asks for a second's rest.</summary>
    Busy,

    /// <summary>Answers 302 to itself.</summary>
    Redirect,

    /// <summary>Resets the connection before it answers.</summary>
    Reset,

    /// <summary>Resets it in the middle of the status line.</summary>
    Half,

    /// <summary>Never answers.</summary>
    Hang,

    /// <summary>Answers 410, for good.</summary>
    Gone,
}
