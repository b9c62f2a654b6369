// Before the first paint, so that a chosen theme does not flash up late.
document.documentElement.dataset.theme = localStorage.getItem('theme') ?? 'system'
