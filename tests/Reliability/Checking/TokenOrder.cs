namespace Pipeline.Reliability.Checking;

/// <summary>
/// Holds all tokens ever granted on a path against each other, beside the search and in linear time: none twice, and none smaller than one whose
/// grant was answered before its own call began.
/// </summary>
public static class TokenOrder
{
    /// <summary>What is wrong, a sentence each; empty when nothing is.</summary>
    public static IReadOnlyList<string> Faults(IEnumerable<Operation<PathAction>> history)
    {
        var faults = new List<string>();
        foreach (var key in history.Where(operation => operation.Action is Acquire { Reply: Reply.Done }).GroupBy(operation => operation.Key))
        {
            var grants = key.Select(operation => (operation.Id, ((Acquire)operation.Action).Token, operation.CalledAtUs, operation.ReturnedAtUs)).ToArray();
            faults.AddRange(grants.GroupBy(grant => grant.Token).Where(same => same.Count() > 1)
                .Select(same => $"{key.Key}: token {same.Key} was granted {same.Count()} times (operations {string.Join(", ", same.Select(grant => grant.Id))})."));
            var returned = grants.OrderBy(grant => grant.ReturnedAtUs).ToArray();
            var (next, highest) = (0, 0L);
            foreach (var grant in grants.OrderBy(grant => grant.CalledAtUs))
            {
                for (; next < returned.Length && returned[next].ReturnedAtUs < grant.CalledAtUs; next++)
                {
                    highest = Math.Max(highest, returned[next].Token);
                }

                if (grant.Token <= highest)
                {
                    faults.Add($"{key.Key}: token {grant.Token} (operation {grant.Id}) came after token {highest}.");
                }
            }
        }

        return faults;
    }
}
