using System.Reflection;

namespace EdgeRelease.Tests.Conversations;

/// <summary>What one says to an API server and what it answers, by name. The real server and the simulated one hold
/// every conversation alike.</summary>
/// <param name="Name">A sentence: the method's name.</param>
/// <param name="Talk">Holds it.</param>
public sealed record Conversation(string Name, Func<Place, Task> Talk)
{
    private static readonly Type[] Subjects =
    [
        typeof(Writing),
        typeof(Statuses),
        typeof(Deleting),
        typeof(Listing),
        typeof(Watching),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Conversation> All { get; } =
    [
        .. Subjects
            .SelectMany(subject => subject.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Select(method => new Conversation(method.Name, method.CreateDelegate<Func<Place, Task>>())),
    ];

    /// <summary>Their names, for a theory.</summary>
    public static IEnumerable<Xunit.TheoryDataRow<string>> Names =>
        All.Select(conversation => new Xunit.TheoryDataRow<string>(conversation.Name));

    /// <summary>One of them.</summary>
    public static Conversation Called(string name) => All.Single(conversation => conversation.Name == name);
}
