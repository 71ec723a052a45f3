using System.Runtime.Versioning;
using Pipeline.Storage.Tests;

// The launcher is for Unix; on Windows it runs inside WSL.
[assembly: UnsupportedOSPlatform("windows")]

// The test program is also the process that the crash tests kill.
return args is ["child", ..]
    ? await Child.RunAsync(args[1], args[2])
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
