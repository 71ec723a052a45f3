using Npgsql;

namespace Pipeline.Storage.State;

/// <summary>The connection string with what this store needs. It is a secret: no message repeats any of it.</summary>
internal static class PostgresConnectionString
{
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static string Complete(string given)
    {
        try
        {
            var complete = new NpgsqlConnectionStringBuilder(given)
            {
                Pooling = false, // connections are kept here, with their prepared statements
                Enlist = false,
                IncludeErrorDetail = false,
                TcpKeepAlive = true,
                TcpKeepAliveTime = 5, // so that a session that ended while the wire was cut is known to be gone as soon as it is whole
                TcpKeepAliveInterval = 2,
                KeepAlive = 5,
            };
            complete.ApplicationName ??= "pipeline";
            complete.Timeout = Math.Min(complete.Timeout, 5);
            complete.CommandTimeout = Math.Min(complete.CommandTimeout, 20);
            if (complete.Host?.Contains(',', StringComparison.Ordinal) == true)
            {
                complete.TargetSessionAttributes = "primary";
            }

            return complete.ToString();
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException("The connection string of the database is none that Npgsql understands; it looks like Host=...;Database=...;Username=...;Password=...");
        }
    }
}
