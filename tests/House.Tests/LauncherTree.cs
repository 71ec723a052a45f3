using System.Diagnostics;

namespace Pipeline.House.Tests;

/// <summary>The launcher with a very small program to launch, in a folder whose name has spaces.</summary>
public sealed class LauncherTree : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("pipeline launcher ").FullName;

    public LauncherTree()
    {
        Directory.CreateDirectory(Path.Combine(Root, "src", "McpServer"));
        File.Copy(Path.Combine(Tree.Root, "pipeline"), Path.Combine(Root, "pipeline"));
        File.Copy(Path.Combine(Tree.Root, "global.json"), Path.Combine(Root, "global.json"));
        File.WriteAllText(Path.Combine(Root, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(Root, "BannedSymbols.txt"), "");
        File.WriteAllText(Path.Combine(Root, "src", "McpServer", "McpServer.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><AssemblyName>pipeline-server</AssemblyName></PropertyGroup>
            </Project>
            """);
        Write("first");
        File.CreateSymbolicLink(Link, Path.Combine("the tree", "pipeline"));
    }

    public string Root => Path.Combine(_parent, "the tree");

    /// <summary>A symbolic link to the launcher, from outside its tree.</summary>
    public string Link => Path.Combine(_parent, "link");

    /// <summary>Changes the program's sources: it prints this word, its process id and its arguments, a line each.</summary>
    public void Write(string word) => File.WriteAllText(
        Path.Combine(Root, "src", "McpServer", "Program.cs"),
        $$"""
        System.Console.WriteLine("{{word}}\n" + System.Environment.ProcessId);
        foreach (var argument in args) System.Console.WriteLine(argument);
        """);

    /// <summary>Runs the launcher through its link, from another folder, to its end.</summary>
    public async Task<(int Exit, int ProcessId, string[] Out, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Link, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Remove("MSBUILD_EXE_PATH");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.Id, output.Split('\n', StringSplitOptions.RemoveEmptyEntries), await error);
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
