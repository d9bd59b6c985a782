// Before the first paint, so that nothing flashes in the wrong colours.
(function () {
  var wanted = 'auto';
  try {
    wanted = localStorage.getItem('interlock-colours') || 'auto';
  } catch (e) {
    // storage is closed to us: the system's choice it is
  }
  var dark = wanted === 'dark' || (wanted === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
