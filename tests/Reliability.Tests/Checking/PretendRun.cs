using Pipeline.Reliability.Checking;

namespace Pipeline.Reliability.Tests.Checking;

/// <summary>
/// Many clients against a pretended server in pretended time. Every call takes effect at one moment between its call and its answer, so that the
/// history of a server without a flaw is linearizable by construction.
/// </summary>
internal static class PretendRun
{
    private const long TtlUs = 2_000_000;

    public static List<Operation<PathAction>> Of(int seed, int clients, int calls, Flaw flaw, double lostShare = 0.02)
    {
        var random = new Random(seed);
        var server = new PretendServer(flaw, random);
        var history = new List<Operation<PathAction>>(calls);
        var tokens = new long?[clients];
        var agents = Enumerable.Range(0, clients).Select(client => $"a{client}").ToArray();
        var queue = new PriorityQueue<(int Client, long CalledAtUs), long>();
        for (var client = 0; client < clients; client++)
        {
            var called = random.Next(20_000);
            queue.Enqueue((client, called), called + random.Next(1, 30_000));
        }

        while (history.Count < calls && queue.TryDequeue(out var turn, out var nowUs))
        {
            var (client, calledAtUs) = turn;
            var action = Act(server, random, agents[client], ref tokens[client], nowUs, history.Count);
            var returnedAtUs = nowUs + random.Next(1, random.Next(20) == 0 ? 1_500_000 : 30_000);
            var lost = action is not (Read or ListHeld) && action.Reply == Reply.Done && random.NextDouble() < lostShare;
            history.Add(new(history.Count, agents[client], "film/a", lost ? action with { Reply = Reply.Unknown } : action, calledAtUs, lost ? Operation<PathAction>.Open : returnedAtUs));
            if (lost)
            {
                // Whoever does not know what happened begins anew under another name.
                (agents[client], tokens[client]) = ($"{agents[client]}x", null);
            }

            var next = returnedAtUs + random.Next(1, random.Next(8) == 0 ? 2_500_000 : 20_000);
            queue.Enqueue((client, next), next + random.Next(1, 30_000));
        }

        return history;
    }

    private static PathAction Act(PretendServer server, Random random, string agent, ref long? token, long nowUs, int number)
    {
        switch (random.Next(10))
        {
            case 0:
                return server.List(nowUs);
            case 1 or 2:
                return server.Read();
            case 3:
                return server.Write(agent, null, $"n{number}", nowUs);
            case 4 when random.Next(3) == 0:
                return server.Release(agent, random.Next(1, 30), nowUs);
        }

        if (token is not { } mine)
        {
            var taken = server.Acquire(agent, random.Next(4) > 0, TtlUs, nowUs);
            token = taken is Acquire { Reply: Reply.Done } grant ? grant.Token : null;
            return taken;
        }

        switch (random.Next(4))
        {
            case 0:
                return server.Renew(agent, mine, TtlUs, nowUs);
            case 1:
                token = null;
                return server.Release(agent, mine, nowUs);
            default:
                return server.Write(agent, mine, $"n{number}", nowUs);
        }
    }
}
