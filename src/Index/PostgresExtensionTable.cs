namespace Pipeline.Index;

/// <summary>What the catalogue says about the vector extension.</summary>
internal static class PostgresExtensionTable
{
    /// <summary>One row: the version in the database, the one that the server offers, whose database it is, and whether this role may create it.</summary>
    public const string State = """
        select (select extversion from pg_extension where extname='vector') as installed,
            (select default_version from pg_available_extensions where name='vector') as available,
            current_database()::text as database, current_user::text as role,
            (select rolsuper from pg_roles where rolname=current_user) or (has_database_privilege(current_database(), 'create') and exists(
                select 1 from pg_available_extensions a join pg_available_extension_versions v on v.name=a.name and v.version=a.default_version
                where a.name='vector' and v.trusted)) as mayCreate
        """;
}
