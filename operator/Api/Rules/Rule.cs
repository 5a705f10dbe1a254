namespace EdgeRelease.Api;

/// <summary>A rule of the schema, said three times side by side so that server and code cannot drift.</summary>
/// <param name="Cel">The rule in CEL, with <c>self</c> for the value; true when it holds.</param>
/// <param name="Message">What to do when it does not hold.</param>
public abstract record Rule(string Cel, string Message);

/// <summary>A rule about one value.</summary>
/// <typeparam name="T">The type of the contract that carries it.</typeparam>
/// <param name="Cel">The rule in CEL; true when it holds.</param>
/// <param name="Message">What to do when it does not hold.</param>
/// <param name="Holds">The rule in C#.</param>
internal sealed record StateRule<T>(string Cel, string Message, Predicate<T> Holds) : Rule(Cel, Message);

/// <summary>A rule about a change, with <c>oldSelf</c> for the value before.</summary>
/// <typeparam name="T">The type of the contract that carries it.</typeparam>
/// <param name="Cel">The rule in CEL; true when it holds.</param>
/// <param name="Message">What to do when it does not hold.</param>
/// <param name="Holds">The rule in C#, from the old value and the new one.</param>
internal sealed record ChangeRule<T>(string Cel, string Message, Func<T, T, bool> Holds) : Rule(Cel, Message);
