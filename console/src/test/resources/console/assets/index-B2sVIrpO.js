console.log("signal box");
