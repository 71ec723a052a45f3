using Pipeline.Tools.Costs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Costs;

public sealed class WriteOffTests
{
    [Fact]
    public async Task What_was_written_off_is_not_written_off_again()
    {
        await using var house = await House.OpenAsync();
        async Task<IReadOnlyList<Charge>> LedgerAsync() => await house.Database.ReadAsync(query => CostsTable.ListAsync(query, "film", null), default);
        await house.Database.TransactAsync("film", tx => CostsTable.AddAsync(tx, new() { Workspace = "film", Request = "job", CostMicros = 700, PremiumMicros = 900 }), default);

        foreach (var _ in new[] { 1, 2 })
        {
            var accepted = (await LedgerAsync()).Where(charge => charge.Waste is null).ToList();
            await house.Database.TransactAsync("film", async tx =>
            {
                await CostsTable.WriteOffAsync(tx, accepted, "replaced");
                return true;
            }, default);
        }

        Assert.Equal([(700L, 900L, null), (-700L, -900L, null), (700L, null, "replaced")], (await LedgerAsync()).Select(charge => (charge.CostMicros, charge.PremiumMicros, charge.Waste)));
    }
}
