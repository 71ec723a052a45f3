using Pipeline.Storage.Moving;

namespace Pipeline.Storage.Tests.Moving;

public sealed class RowSumTests
{
    private static readonly object?[][] Rows = [[1L, "a", null], [2L, "b", 0.5], [2L, "", new byte[] { 1, 2 }]];

    [Fact]
    public void The_order_of_rows_does_not_matter() => Assert.Equal(Sum(Rows), Sum([.. Rows.Reverse()]));

    [Fact]
    public void A_row_more_less_or_other_is_seen()
    {
        object?[][][] others = [Rows[1..], [.. Rows, Rows[0]], [[1L, "a", ""], Rows[1], Rows[2]], [[1L, null, "a"], Rows[1], Rows[2]], [[1.0, "a", null], Rows[1], Rows[2]], [["1", "a", null], Rows[1], Rows[2]]];
        Assert.All(others, other => Assert.NotEqual(Sum(Rows), Sum(other)));
    }

    [Fact]
    public void Values_do_not_run_into_each_other() => Assert.NotEqual(Sum([["ab", "c"]]), Sum([["a", "bc"]]));

    private static string Sum(object?[][] rows)
    {
        var sum = new RowSum();
        foreach (var row in rows)
        {
            sum.Add(row);
        }

        return sum.Text;
    }
}
