// The launcher is for Unix; on Windows everything runs inside WSL.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
