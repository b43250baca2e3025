"""The figures of where threads' time went: bars of parts, one after the other.

For report_runs.py, report_comparisons.py and report_traces.py.
"""
from plot import PARTS
from report_drawing import ACCOUNT, FAINT, HATCHES, PAPER, Figure, axes_for, finish, name_lines


def stack(axes, values, begins, key, label, least):
    """A part of stacked bars; what is less than `least` cannot be seen, and its edge would hide others."""
    shown = [i for i, value in enumerate(values) if abs(value) >= least]
    axes.barh(shown, [values[i] for i in shown], left=[begins[i] for i in shown], color=ACCOUNT[key], height=0.68,
              hatch=HATCHES.get(key), edgecolor=PAPER, linewidth=0.8, label=label)


def accounts(title, named, words="A bar is the repetition of median time; its parts add up to 100 %: "):
    """A bar a row of what its threads' time went to. `named`: the name beside it, the whole one, and the account."""
    full = [name for _, name, account in named if account]
    named = [(name, account) for name, _, account in named if account]
    least = 0.0005
    parts = [(key, part) for key, part, _ in PARTS if any(abs(a.get(key, 0)) >= least for _, a in named)]
    if not named or not parts:
        return None

    def draw(inches):
        figure, axes = axes_for(inches, len(named), extra=1.1 + (0.25 * len(parts) / max(int(inches / 1.4), 1)))
        ends = [0.0] * len(named)
        for key, part in parts:
            values = [account.get(key, 0) for _, account in named]
            # What is negative lies left of 0; the others begin where the one before ends.
            begins = [end if value >= 0 else 0 for end, value in zip(ends, values)]
            stack(axes, values, begins, key, part, least)
            ends = [end + max(value, 0) for end, value in zip(ends, values)]
        axes.axvline(0, color=FAINT, linewidth=0.8)
        axes.set_xlim(right=max(1.0, *ends))
        axes.xaxis.set_major_formatter(lambda value, _position=None: f"{100 * value:.0f} %")
        name_lines(axes, [name for name, _ in named], inches)
        axes.set_xlabel("of the threads' time")
        return finish(figure, axes, len(parts), inches)

    return Figure(f"{title}: where the time went",
                  words + ", ".join(part for _, part in parts) + "." +
                  (" What lies left of 0 is no loss: it needed less CPU time than on one thread."
                   if any(account.get("account_slower", 0) <= -least for _, account in named) else ""),
                  ["row", *(key for key, _ in parts)],
                  [[name, *(account.get(key, "") for key, _ in parts)] for name, (_, account) in zip(full, named)], draw)
