using Pipeline.Reliability;
using Pipeline.Reliability.Clients;

return args switch
{
    [ClientProgram.Verb, .. var rest] => await ClientProgram.RunAsync(rest),
    ["judge-locks", var file] => Pipeline.Reliability.Locks.LockJudge.Judge(file),
    ["vendor", .. var rest] => await Pipeline.Reliability.Purchases.VendorProgram.RunAsync(rest),
    _ => await Chaos.MainAsync(args),
};
