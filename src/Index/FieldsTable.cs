using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>Typed facts about subjects, as each source states them.</summary>
internal static class FieldsTable
{
    public static readonly Table Schema = new("index_fields", """
        create table index_fields (
            source_id bigint not null, name text not null, text_value text, number_value double precision, primary key(source_id, name));
        create index index_fields_name on index_fields(name, text_value, number_value);
        """);

    public static async ValueTask InsertAsync(ITransaction tx, long sourceId, IReadOnlyDictionary<string, FieldValue> fields)
    {
        foreach (var (name, value) in fields)
        {
            await tx.ExecuteAsync(
                "insert into index_fields(source_id, name, text_value, number_value) values(@SourceId, @Name, @Text, @Number)",
                new { SourceId = sourceId, Name = name, value.Text, value.Number }).ConfigureAwait(false);
        }
    }

    public static async ValueTask DeleteAsync(ITransaction tx, long sourceId) => await tx.ExecuteAsync(
        "delete from index_fields where source_id=@SourceId", new { SourceId = sourceId }).ConfigureAwait(false);
}
