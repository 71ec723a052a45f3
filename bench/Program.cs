Console.Error.WriteLine("Name a bench: locks, runs or chaos.");
return 2;
