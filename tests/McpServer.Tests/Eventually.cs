namespace Pipeline.McpServer.Tests;

/// <summary>Waits for what another process or thread will do.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> happened)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            if (happened())
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("It did not happen in 30 seconds.");
    }
}
