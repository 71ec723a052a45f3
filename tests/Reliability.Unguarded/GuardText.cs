using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Idempotency;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Reliability.Unguarded;

/// <summary>Finds the guards in statements and takes them out. Statements that no longer hold what is looked for stop the host when it starts.</summary>
internal static class GuardText
{
    private const string StillHeld = "ended_at_ms is null and expires_at_ms>@NowMs order by token";
    private const string Unexpired = "expires_at_ms>@NowMs";
    private const string Due = "from steps where due_at_ms";
    private const string DeliveryInsert = "insert into webhook_deliveries";
    private const string ChargeInsert = "insert into costs";

    /// <summary>A write without its lock guard.</summary>
    public static string WithoutWriteGuard(string sql) => sql.Replace(LocksTable.WriteGuard, "(1=1)", StringComparison.Ordinal);

    /// <summary>Whether it asks who holds a path.</summary>
    public static bool AsksHolder(string sql) => sql.Contains("from locks where", StringComparison.Ordinal) && sql.Contains("path=@path", StringComparison.Ordinal) && sql.Contains(StillHeld, StringComparison.Ordinal);

    /// <summary>The same, satisfied by whoever held it once; the newest holder first.</summary>
    public static string OnceHeld(string sql) => sql.Replace(StillHeld, "1=1 order by token desc", StringComparison.Ordinal);

    /// <summary>Whether it is about the locks themselves rather than about a write.</summary>
    public static bool TendsLocks(string sql) =>
        sql.Contains("lock_waiters", StringComparison.Ordinal) || sql.Contains("update locks", StringComparison.Ordinal) || sql.Contains("ended_at_ms is null order by token", StringComparison.Ordinal);

    public static bool AsksAnswer(string sql) => sql.Contains("answer from idempotency where", StringComparison.Ordinal) && sql.Contains(Unexpired, StringComparison.Ordinal);

    /// <summary>The same, finding none.</summary>
    public static string NeverAnswered(string sql) => sql.Replace(Unexpired, "1=0", StringComparison.Ordinal);

    public static bool AsksDue(string sql) => sql.Contains(Due, StringComparison.Ordinal);

    /// <summary>The same, finding nothing.</summary>
    public static string NeverDue(string sql) => sql.Replace(Due, "from steps where 1=0 and due_at_ms", StringComparison.Ordinal);

    public static bool InsertsDelivery(string sql) => sql.TrimStart().StartsWith(DeliveryInsert, StringComparison.Ordinal);

    public static bool InsertsCharge(string sql) => sql.TrimStart().StartsWith(ChargeInsert, StringComparison.Ordinal);

    /// <summary>Looks whether every text is still where it is taken out.</summary>
    /// <exception cref="InvalidOperationException">One is not: this build would be guarded without anyone knowing.</exception>
    public static async Task RequireAsync()
    {
        var probe = new StatementProbe();
        await AssetsTable.AdvanceAsync(probe, AssetName.Parse("w/p", "asset"), new(0, null, "", ""), deleted: false);
        await AssetsTable.SetMetadataAsync(probe, new(), new(0, null, "", ""), "{}");
        Require(probe.Statements.Count(sql => WithoutWriteGuard(sql) != sql) == 2, "the lock guard of writing statements");
        await LocksTable.HeldAsync(probe, "w", "p");
        Require(AsksHolder(probe.Statements[^1]) && OnceHeld(probe.Statements[^1]) != probe.Statements[^1], "the question who holds a path");
        await LocksTable.OpenAsync(probe, "w", "p");
        Require(TendsLocks(probe.Statements[^1]), "the look of an acquisition");
        await IdempotencyTable.FindAsync(probe, "p", "t", "k", "b");
        Require(AsksAnswer(probe.Statements[^1]), "the search for an earlier answer");
        await Tools.Runs.StepsTable.DueRunsAsync(probe, null, 1);
        Require(AsksDue(probe.Statements[^1]), "the search for claims that ran out");
        await Tools.Runs.StepsTable.NextDueAsync(probe, null);
        Require(AsksDue(probe.Statements[^1]), "the question when a claim runs out");
        await Tools.Webhooks.DeliveriesTable.InsertAsync(probe, new());
        Require(InsertsDelivery(probe.Statements[^1]), "the insert of a delivery");
        await Tools.Costs.CostsTable.AddAsync(probe, new());
        Require(InsertsCharge(probe.Statements[^1]), "the insert of a charge");
    }

    private static void Require(bool found, string what)
    {
        if (!found)
        {
            throw new InvalidOperationException($"The statements have changed: {what} is not found any more, so it would stay guarded.");
        }
    }

    private sealed class StatementProbe : ITransaction
    {
        public List<string> Statements { get; } = [];

        public long NowMs => 0;

        public ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
        {
            Statements.Add(sql);
            return ValueTask.FromResult<IReadOnlyList<T>>([]);
        }

        public ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null)
        {
            Statements.Add(sql);
            return ValueTask.FromResult<T?>(default);
        }

        public ValueTask<int> ExecuteAsync(string sql, object? parameters = null)
        {
            Statements.Add(sql);
            return ValueTask.FromResult(0);
        }

        public void Notify(string channel)
        {
        }
    }
}
