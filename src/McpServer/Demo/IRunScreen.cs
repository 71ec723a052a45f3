using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>Where the demo shows a run as it goes.</summary>
internal interface IRunScreen
{
    /// <summary>One line of news.</summary>
    void Say(string line);

    /// <summary>Shows what <paramref name="follow"/> sees for as long as it looks.</summary>
    Task<RunView> ShowAsync(Func<Action<RunView>, Task<RunView>> follow);
}
