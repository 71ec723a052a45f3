namespace Pipeline.Index.Tests;

public sealed class PostingListTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    public void What_is_packed_is_read_again(int count)
    {
        var random = new Random(count);
        long id = 1L << 40;
        var postings = Enumerable.Range(0, count).Select(_ => new Posting(id += random.Next(1, 1 << random.Next(1, 20)), random.Next(1, 300), random.Next(1, 20_000), random.Next(2) == 0)).ToList();
        if (count > 0)
        {
            postings[0] = postings[0] with { EntryId = 1L << 40 };
        }

        var packed = new ReadOnlySpan<byte>(PostingList.Pack(1L << 40, postings));
        var (lastId, read) = (1L << 40, new List<Posting>());
        while (PostingList.TryRead(ref packed, ref lastId, out var posting))
        {
            read.Add(posting);
        }

        Assert.Equal(postings, read);
    }
}
