using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Filters;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Workspaces;

namespace Pipeline.McpServer.Prompts;

/// <summary>Proposes values for workspace, asset, model and run arguments: only what the caller sees, at most a hundred.</summary>
internal sealed class Completions(IDatabase database, CatalogueBook catalogue)
{
    private const int Most = 100;

    /// <summary>Sets the handler on a connection's options.</summary>
    public void Attach(McpServerOptions options, Connection connection)
    {
        options.Handlers.CompleteHandler = async (request, cancellation) =>
        {
            var caller = connection.CallerFor(request.Server.ClientInfo?.Name);
            return await database.ReadAsync(query => CompleteAsync(query, caller, request.Params), cancellation).ConfigureAwait(false);
        };
        options.Filters.Request.CompleteFilters.Add(ProtocolErrorFilter.Wrap);
    }

    private async ValueTask<CompleteResult> CompleteAsync(IQuery query, Caller caller, CompleteRequestParams asked)
    {
        var argument = asked.Argument;
        var workspace = asked.Context?.Arguments?.TryGetValue("workspace", out var chosen) == true ? chosen : null;
        Require(asked.Ref, argument.Name);
        var found = argument.Name switch
        {
            "workspace" => await WorkspacesAsync(query, caller, argument.Value, "").ConfigureAwait(false),
            "source" => await AssetsAsync(query, caller, argument.Value, workspace).ConfigureAwait(false),
            "path" => await PathsAsync(query, caller, workspace, argument.Value).ConfigureAwait(false),
            "run_id" => await RunsTable.RecentIdsAsync(query, caller.Workspaces, argument.Value, Most + 1).ConfigureAwait(false),
            "model" => [.. (await catalogue.CurrentAsync(query).ConfigureAwait(false)).Models.Select(model => model.Id).Where(id => id.StartsWith(argument.Value, StringComparison.OrdinalIgnoreCase))],
            _ => [],
        };
        return new() { Completion = new() { Values = [.. found.Take(Most)], HasMore = found.Count > Most } };
    }

    /// <summary>Refuses a prompt, a template or an argument that is not there.</summary>
    private static void Require(Reference reference, string argument)
    {
        string[] known = reference switch
        {
            PromptReference prompt => [.. PromptShelf.All.FirstOrDefault(one => one.About.Name == prompt.Name)?.About.Arguments?.Select(one => one.Name) ?? []],
            ResourceTemplateReference { Uri: { } uri } when uri.StartsWith("asset://", StringComparison.Ordinal) => ["workspace", "path", "version"],
            ResourceTemplateReference { Uri: { } uri } when uri.StartsWith("run://", StringComparison.Ordinal) => ["run_id"],
            _ => [],
        };
        if (!known.Contains(argument))
        {
            throw new InvalidArgumentError("argument", known.Length == 0 ? "There is no such prompt or resource template." : $"There is no argument '{argument}'; there are {string.Join(", ", known)}.");
        }
    }

    private static async ValueTask<IReadOnlyList<string>> WorkspacesAsync(IQuery query, Caller caller, string start, string end)
    {
        var rows = await WorkspacesTable.AllAsync(query).ConfigureAwait(false);
        return [.. rows.Select(row => row.Workspace).Where(name => caller.Sees(name) && name.StartsWith(start, StringComparison.Ordinal)).Take(Most + 1).Select(name => name + end)];
    }

    private static async ValueTask<IReadOnlyList<string>> AssetsAsync(IQuery query, Caller caller, string typed, string? workspace)
    {
        var slash = typed.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 && (string.IsNullOrEmpty(workspace) || !workspace.StartsWith(typed, StringComparison.Ordinal)))
        {
            return await WorkspacesAsync(query, caller, typed, "/").ConfigureAwait(false);
        }

        var name = slash < 0 ? workspace! : typed[..slash];
        var paths = await PathsAsync(query, caller, name, slash < 0 ? "" : typed[(slash + 1)..]).ConfigureAwait(false);
        return [.. paths.Select(path => $"{name}/{path}")];
    }

    private static async ValueTask<IReadOnlyList<string>> PathsAsync(IQuery query, Caller caller, string? workspace, string start)
    {
        if (string.IsNullOrEmpty(workspace) || !caller.Sees(workspace))
        {
            return [];
        }

        var rows = await AssetsTable.PageAsync(query, workspace, start, "", Most + 1).ConfigureAwait(false);
        return [.. rows.Select(row => row.Path)];
    }
}
