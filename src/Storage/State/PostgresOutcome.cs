using System.Diagnostics;
using Npgsql;

namespace Pipeline.Storage.State;

/// <summary>What came of a transaction whose connection was lost while it committed: the server remembers it by its number.</summary>
internal static class PostgresOutcome
{
    /// <summary>True when it was kept, false when it was rolled back.</summary>
    /// <exception cref="StorageFailedException">Nobody can say: the server does not answer, forgot it, or has another history than the one that was written to.</exception>
    public static bool WasKept(PostgresTransaction transaction, Func<PostgresConnection> connect, TimeSpan atMost, Action<int> rest, Exception cause)
    {
        var since = Stopwatch.GetTimestamp();
        for (var attempt = 0; Stopwatch.GetElapsedTime(since) < atMost; attempt++)
        {
            try
            {
                using var connection = connect();
                if (connection.Place.History != transaction.History)
                {
                    break;
                }

                switch (connection.First<string?>("select pg_xact_status(@Id::xid8)", new { transaction.Id }))
                {
                    // After a crash the number may be another's: what was never on disk leaves its id to whoever comes next.
                    case "committed":
                        return connection.Place.Life == transaction.Life ? true : throw PostgresFailure.Lost(cause);
                    case "aborted":
                        return false;
                    case null:
                        throw PostgresFailure.Lost(cause);
                }
            }
            catch (PostgresException refused) when (refused.SqlState == "22023")
            {
                return false; // an id that the server has yet to give: it lost the transaction in a crash
            }
            catch (Exception failure) when (PostgresFailure.IsLoss(failure))
            {
                // Asked again below, while there is time.
            }

            rest(attempt);
        }

        throw PostgresFailure.Lost(cause);
    }
}
